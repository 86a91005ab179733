-- AlterEnum
ALTER TYPE "connection_status" ADD VALUE 'deleting';
